package org.corestack.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * A store's URI as an option's value: written out, or {@code @FILE} for a file that holds it.
 *
 * @param value the URI itself; may hold a password
 * @param fromFile whether it came from a file, where a password is as safe as the file
 */
public record StoreUri(String value, boolean fromFile) {
    private static final long MAX_FILE_BYTES = 64 * 1024;

    /** Checks that both are there. */
    public StoreUri {
        Objects.requireNonNull(value, "value");
    }

    /** The URI with a password in it hidden. */
    @Override
    public String toString() {
        return Secrets.hide(value);
    }

    /** The variable that gives a store's option its value where it is not there; null if the option is of another kind. */
    static @Nullable String variable(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option && option.type() == StoreUri.class
                ? "CORESTACK_"
                        + option.longestName()
                                .substring(2)
                                .toUpperCase(Locale.ROOT)
                                .replace('-', '_')
                : null;
    }

    boolean holdsSecret() {
        return Secrets.in(value);
    }

    /** The converter for every option of this type: {@code @Option(…, converter = StoreUri.Converter.class)}. */
    public static final class Converter implements ITypeConverter<StoreUri> {
        /** A converter; picocli creates it. */
        public Converter() {}

        /**
         * The URI, read from the file where {@code @FILE} names one.
         *
         * @throws TypeConversionException if there is no URI, or the file can't be read
         */
        @Override
        public StoreUri convert(String text) {
            String given = text.strip();
            if (!given.startsWith("@")) {
                return new StoreUri(checked(given, "the store's URI is empty"), false);
            }
            String file = checked(given.substring(1), "a file's name must stand behind the @");
            String content = read(file).strip();
            checked(content, "the file '" + file + "' is empty; it must hold a store's URI");
            if (content.lines().count() > 1) {
                throw new TypeConversionException("the file '" + file + "' must hold a store's URI and nothing else");
            }
            return new StoreUri(content, true);
        }

        private static String checked(String text, String complaint) {
            if (text.isEmpty()) {
                throw new TypeConversionException(complaint);
            }
            return text;
        }

        private static String read(String file) {
            try {
                Path path = Path.of(file);
                if (Files.isRegularFile(path) && Files.size(path) > MAX_FILE_BYTES) {
                    throw new TypeConversionException("the file '" + file + "' is too large to hold a store's URI");
                }
                return Files.readString(path);
            } catch (NoSuchFileException e) {
                throw new TypeConversionException("there is no file '" + file + "' to read the store's URI from");
            } catch (AccessDeniedException e) {
                throw new TypeConversionException("the file '" + file + "' may not be read by this user");
            } catch (MalformedInputException e) {
                throw new TypeConversionException("the file '" + file + "' is not UTF-8 text");
            } catch (IOException | InvalidPathException e) {
                throw new TypeConversionException("the file '" + file + "' can't be read: " + e.getMessage());
            }
        }
    }

    /** Gives {@code --store} the value of {@code CORESTACK_STORE} where the option is not there, and others likewise. */
    static final class FromEnvironment implements IDefaultValueProvider {
        private final Function<String, @Nullable String> environment;

        FromEnvironment(Function<String, @Nullable String> environment) {
            this.environment = environment;
        }

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            String variable = variable(argument);
            if (variable == null) {
                return null;
            }
            String value = environment.apply(variable);
            // Set but empty is how many shells say "not set".
            return value == null || value.isBlank() ? null : value;
        }
    }
}
