package org.corestack.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Says which version this is, and on which JDK it runs, which is what a report of a defect needs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the version can't be read from the jar", e);
        }
        return new String[] {
            "corestack " + properties.getProperty("version"),
            "on " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")
        };
    }
}
