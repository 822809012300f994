package org.corestack.mail;

import static java.time.temporal.ChronoField.DAY_OF_WEEK;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The date of RFC 5322, in UTC. Its names are given here, as the JDK's differ between versions and settings. */
final class MailDate {
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendText(DAY_OF_WEEK, byNumber(DAYS))
            .appendPattern(", d ")
            .appendText(MONTH_OF_YEAR, byNumber(MONTHS))
            .appendPattern(" uuuu HH:mm:ss '+0000'")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private MailDate() {}

    static String format(Instant date) {
        return FORMAT.format(date);
    }

    private static Map<Long, String> byNumber(List<String> names) {
        Map<Long, String> numbered = new HashMap<>();
        names.forEach(name -> numbered.put(numbered.size() + 1L, name));
        return numbered;
    }
}
