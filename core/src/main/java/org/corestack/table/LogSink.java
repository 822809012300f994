package org.corestack.table;

import java.util.Locale;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Writes events as lines of a log. */
final class LogSink implements EventSink {
    private final Logger log;

    LogSink(Logger log) {
        this.log = log;
    }

    @Override
    public void write(Event event) {
        if (log.isInfoEnabled()) {
            log.info("{}", line(event));
        }
    }

    @Override
    public void reached(Position position) {} // a log keeps no positions

    /** One line, whatever is in the values. */
    static String line(Event event) {
        StringBuilder line = new StringBuilder();
        line.append(event.operation().name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(event.path())
                .append(" key ")
                .append(event.key())
                .append(" version ")
                .append(event.version())
                .append(" at ")
                .append(event.time())
                .append(" by ")
                .append(event.source() == null ? "unknown" : event.source());
        if (event.unreadable()) {
            line.append(": the document does not fit the type");
        } else if (event.text() != null) {
            line.append(": ").append(event.text());
        } else {
            append(line, " before ", event.before());
            append(line, " document ", event.document());
        }
        return oneLine(line);
    }

    private static void append(StringBuilder line, String name, @Nullable Document document) {
        if (document != null) {
            line.append(name).append(document);
        }
    }

    /** A value with a line break must not be able to look like another event. */
    private static String oneLine(StringBuilder text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            line.append(breaks ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
        }
        return line.toString();
    }
}
