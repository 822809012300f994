package org.corestack.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * Instants as text of fixed width, so that the text orders as the moments do: {@code 2026-11-24T15:57:39.123Z}.
 *
 * <p>Reading is done by hand: by the JDK's parser it takes a sixth of the time of reading a document that has one.
 */
final class InstantForm {
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    /** Zeros stand for digits. */
    private static final String SHAPE = "0000-00-00T00:00:00.000Z";

    private static final long DAY_SECONDS = 86_400;

    private InstantForm() {}

    static String text(Instant instant) {
        return FORMAT.format(instant);
    }

    /**
     * The moment of a text, which may be of any form that the JDK reads.
     *
     * @throws java.time.format.DateTimeParseException if it is of none
     */
    static Instant parse(String text) {
        if (!isOfShape(text)) {
            return Instant.parse(text);
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 || !isDay(year, month, day)) {
            return Instant.parse(text); // says what is wrong with it
        }
        long seconds =
                LocalDate.of(year, month, day).toEpochDay() * DAY_SECONDS + hour * 3_600L + minute * 60L + second;
        return Instant.ofEpochMilli(seconds * 1_000 + number(text, 20, 23));
    }

    private static boolean isDay(int year, int month, int day) {
        return day >= 1 && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
    }

    private static boolean isOfShape(String text) {
        if (text.length() != SHAPE.length()) {
            return false;
        }
        for (int i = 0; i < SHAPE.length(); i++) {
            char c = text.charAt(i);
            char expected = SHAPE.charAt(i);
            if (expected == '0' ? c < '0' || c > '9' : c != expected) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
