package org.corestack.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * A file to be sent with a message: a name, a content type, and bytes that are read when the message is sent.
 *
 * <p>Immutable and thread-safe as far as its content is. The content is opened anew for each attempt to send and is
 * streamed, so a file of any size takes little memory; what the file holds at that moment is what is sent.
 */
public final class Attachment {
    /** Opens the bytes of an attachment. */
    @FunctionalInterface
    public interface Content {
        /**
         * The bytes from their beginning. Called for each attempt to send, on a thread of the client.
         *
         * @return a stream that the client closes
         * @throws IOException if they can't be read; the message is then not sent
         */
        InputStream open() throws IOException;
    }

    static final long UNKNOWN_SIZE = -1;

    private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,100}";
    private static final Pattern CONTENT_TYPE = Pattern.compile(
            "(" + TOKEN + ")/" + TOKEN + "(?:; ?" + TOKEN + "=(?:" + TOKEN + "|\"[ !#-\\[\\]-~]{0,100}\"))*");
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final int LONGEST_NAME = 255;

    private final String name;
    private final String contentType;
    private final Content content;
    private final long size;

    private Attachment(String name, String contentType, Content content, long size) {
        this.name = checkedName(name);
        this.contentType = checkedType(contentType);
        this.content = Objects.requireNonNull(content, "content");
        this.size = size;
    }

    /**
     * A file, under its own name, with the content type that the ending of its name suggests.
     *
     * @throws CoreException with INVALID_ARGUMENT if it is not a file that can be read now
     */
    public static Attachment of(Path file) {
        Path last = file.getFileName();
        if (last == null || !Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw CoreException.invalidArgument("the attachment '" + file + "' is not a file that can be read");
        }
        try {
            return new Attachment(
                    last.toString(), guess(last.toString()), () -> Files.newInputStream(file), Files.size(file));
        } catch (IOException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the attachment '" + file + "' is not a file that can be read", e);
        }
    }

    /**
     * Bytes in memory. They are copied.
     *
     * @param name the file's name, without a path
     * @param contentType such as {@code text/csv; charset=UTF-8}
     * @throws CoreException with INVALID_ARGUMENT if the name or the type can't be used
     */
    public static Attachment of(String name, String contentType, byte[] bytes) {
        byte[] copy = bytes.clone();
        return new Attachment(name, contentType, () -> new ByteArrayInputStream(copy), copy.length);
    }

    /**
     * Bytes from anywhere, streamed.
     *
     * @param name the file's name, without a path
     * @param contentType such as {@code application/pdf}
     * @throws CoreException with INVALID_ARGUMENT if the name or the type can't be used
     */
    public static Attachment of(String name, String contentType, Content content) {
        return new Attachment(name, contentType, content, UNKNOWN_SIZE);
    }

    /** This attachment under another name. */
    public Attachment withName(String other) {
        return new Attachment(other, contentType, content, size);
    }

    /** This attachment with another content type. */
    public Attachment withContentType(String other) {
        return new Attachment(name, other, content, size);
    }

    /** The name that the receiver sees. */
    public String name() {
        return name;
    }

    /** The content type that the receiver's program goes by. */
    public String contentType() {
        return contentType;
    }

    /** Name and content type, not the content. */
    @Override
    public String toString() {
        return "Attachment[" + name + ", " + contentType + "]";
    }

    InputStream open() throws IOException {
        return Objects.requireNonNull(content.open(), "the attachment's content gave no stream");
    }

    /** Its bytes as they were counted when it was made, or {@link #UNKNOWN_SIZE}. */
    long size() {
        return size;
    }

    private static String guess(String name) {
        String type = URLConnection.guessContentTypeFromName(name);
        // A message as an attachment must not be encoded, so it goes as what it also is: bytes.
        return type == null || !CONTENT_TYPE.matcher(type).matches() || composite(type) ? UNKNOWN_TYPE : type;
    }

    private static String checkedName(String name) {
        Checks.line("an attachment's name", name);
        if (name.isBlank() || name.length() > LONGEST_NAME || name.contains("/") || name.contains("\\")) {
            throw CoreException.invalidArgument("an attachment's name must be a file's name without a path, of 1 to "
                    + LONGEST_NAME + " characters; it has " + name.length());
        }
        return name;
    }

    private static String checkedType(String type) {
        Checks.line("an attachment's content type", type);
        if (!CONTENT_TYPE.matcher(type).matches()) {
            throw CoreException.invalidArgument(
                    "an attachment's content type must have the form type/subtype, parameters after a semicolon");
        }
        if (composite(type)) {
            throw CoreException.invalidArgument("an attachment can't have the content type " + type
                    + ", which is not for encoded content; " + UNKNOWN_TYPE + " can be used");
        }
        return type;
    }

    private static boolean composite(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("multipart/") || lower.startsWith("message/");
    }
}
