package org.corestack.cli.demo.register;

/** Texts from files and tables, made safe for a terminal. */
public final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    /**
     * The text, cut short, with what could move the cursor, turn the direction of the line or not be seen at all
     * written as <code>&#92;u{…}</code>.
     */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder();
        for (int codePoint : text.codePoints().toArray()) {
            if (printable.length() >= LONGEST) {
                return printable.append('…').toString();
            }
            if (isPlain(codePoint)) {
                printable.appendCodePoint(codePoint);
            } else {
                printable.append("\\u{").append(CodePoints.hex(codePoint)).append('}');
            }
        }
        return printable.toString();
    }

    private static boolean isPlain(int codePoint) {
        if (codePoint == ' ') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> !rightToLeft(codePoint);
        };
    }

    private static boolean rightToLeft(int codePoint) {
        byte direction = Character.getDirectionality(codePoint);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
                || direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
    }
}
