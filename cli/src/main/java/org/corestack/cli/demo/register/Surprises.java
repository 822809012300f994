package org.corestack.cli.demo.register;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Picks the look-alikes that surprise most: those that come from the most scripts. */
public final class Surprises {
    private static final int SHOWN_MEMBERS = 4;

    private Surprises() {}

    /**
     * A line each for the most surprising groups, fit for a terminal.
     *
     * @param records what the keys of the groups' members stand for
     * @param most how many lines at the most
     */
    public static List<String> of(Map<String, CharacterRecord> records, Register register, int most) {
        return register.lookalikes().entrySet().stream()
                .filter(group -> group.getValue().members().size() > 1)
                .filter(group -> !isMark(records, group.getValue()))
                .map(Map.Entry::getValue)
                .sorted(Comparator.<LookalikeGroup>comparingInt(
                                group -> group.scripts().size())
                        .thenComparingInt(group -> group.members().size())
                        .reversed()
                        .thenComparing(group -> group.members().get(0)))
                .limit(most)
                .map(group -> line(group, records, register.descriptions()))
                .toList();
    }

    /** What can't be seen, or only upon another character, surprises nobody who reads it here. */
    private static boolean isMark(Map<String, CharacterRecord> records, LookalikeGroup group) {
        int first = requireNonNull(records.get(group.members().get(0))).text().codePointAt(0);
        return switch (Character.getType(first)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static String line(
            LookalikeGroup group, Map<String, CharacterRecord> records, Map<String, Description> descriptions) {
        List<Member> members = group.members().stream()
                .map(key ->
                        new Member(key, requireNonNull(records.get(key)).text(), requireNonNull(descriptions.get(key))))
                .toList();
        Set<List<String>> scripts = new HashSet<>();
        Set<Member> shown = new LinkedHashSet<>();
        members.stream()
                .filter(member -> scripts.add(member.description().scripts())) // one of each script first
                .forEach(shown::add);
        shown.addAll(members);
        int more = Math.max(0, members.size() - SHOWN_MEMBERS);
        int count = group.scripts().size();
        return shown.stream().limit(SHOWN_MEMBERS).map(Member::toString).collect(Collectors.joining(" = "))
                + (more > 0 ? " and " + more + " more" : "")
                + (count == 1 ? " (1 script)" : " (" + count + " scripts)");
    }

    private record Member(String key, String text, Description description) {
        @Override
        public String toString() {
            boolean character = key.equals(CodePoints.hex(text));
            return Printable.of(text)
                    + (character
                            ? " U+" + key + " " + description.name()
                            : " [" + String.join(", ", description.scripts()) + "]");
        }
    }
}
