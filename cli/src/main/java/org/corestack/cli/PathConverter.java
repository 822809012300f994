package org.corestack.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Files and folders as options' values. */
final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the name is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            // Under LANG=C a JVM can't even name a file with an umlaut.
            boolean ascii = text.chars().allMatch(character -> character < 0x80);
            throw new TypeConversionException("'" + text + "' names no file of this system: " + e.getReason()
                    + (ascii ? "" : "; a locale that has its characters may help, such as LC_ALL=C.UTF-8"));
        }
    }
}
