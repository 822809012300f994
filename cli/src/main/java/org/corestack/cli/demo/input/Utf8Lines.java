package org.corestack.cli.demo.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file in UTF-8, one in memory at a time, decoded strictly. A decoder over the whole file would meet
 * a wrong byte while it reads ahead and could not say in which line it stands. Not thread-safe.
 */
final class Utf8Lines {
    /** No document may be larger than that, so no record has to be. */
    private static final int LONGEST = 15 * 1024 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in; // buffered
    private int number;

    /** Reads lines; the caller closes the stream. */
    Utf8Lines(InputStream in) {
        this.in = in;
    }

    /** The number of the line that {@link #next} returned last, from 1. */
    int number() {
        return number;
    }

    /**
     * The next line with its line feed where it has one, or null at the end. A byte order mark at the beginning of
     * the file is left out.
     */
    @Nullable
    String next() throws IOException, BadLine {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n') {
                break;
            }
            if (line.size() > LONGEST) {
                throw new BadLine(number + 1, "is longer than " + LONGEST + " bytes");
            }
        }
        if (line.size() == 0) {
            return null;
        }
        number++;
        String text = decode(line.toByteArray());
        return number == 1 && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private String decode(byte[] line) throws BadLine {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadLine(number, "is not in UTF-8; convert the file to UTF-8 first", e);
        }
    }
}
