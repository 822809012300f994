package org.corestack.cli.demo.register;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.corestack.errors.CoreException;

/**
 * The characters that the running JDK knows, without Han, Hangul, private use, surrogates and U+0000: some 38,000
 * that a name could be spoofed with.
 */
public final class JdkCharacters {
    private final Describer describer;

    /** Characters whose look-alikes a describer tells. */
    public JdkCharacters(Describer describer) {
        this.describer = describer;
    }

    /** All of them, ascending. */
    public static List<Integer> all() {
        List<Integer> all = new ArrayList<>(40_000);
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (belongs(codePoint)) {
                all.add(codePoint);
            }
        }
        return all;
    }

    private static boolean belongs(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.UNASSIGNED || type == Character.SURROGATE || type == Character.PRIVATE_USE) {
            return false;
        }
        UnicodeScript script = UnicodeScript.of(codePoint);
        return script != UnicodeScript.HAN && script != UnicodeScript.HANGUL;
    }

    /**
     * Some of them by their code point in hex, the same ones at each call: first those that look like characters of
     * many other scripts, so that a small choice too has something to show, at last those that look like no other.
     *
     * @throws CoreException INVALID_ARGUMENT if there are not so many
     */
    public SortedMap<String, CharacterRecord> choose(int count) {
        List<Integer> all = all();
        if (count < 1 || count > all.size()) {
            throw CoreException.invalidArgument("there can't be " + count + " records: this JDK ("
                    + Runtime.version().feature() + ") knows " + all.size()
                    + " characters for the register, so 1 to " + all.size() + " are possible");
        }
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int codePoint : all) {
            groups.computeIfAbsent(describer.skeletonKey(Character.toString(codePoint)), key -> new ArrayList<>())
                    .add(codePoint);
        }
        SortedMap<String, CharacterRecord> chosen = new TreeMap<>();
        groups.values().stream()
                .sorted(Comparator.comparingInt(JdkCharacters::interest)
                        .reversed()
                        .thenComparing(members -> members.get(0)))
                .flatMap(List::stream)
                .limit(count)
                .forEach(codePoint ->
                        chosen.put(CodePoints.hex(codePoint), new CharacterRecord(Character.toString(codePoint))));
        return chosen;
    }

    private static int interest(List<Integer> members) {
        Set<UnicodeScript> scripts = new TreeSet<>();
        members.forEach(codePoint -> scripts.add(UnicodeScript.of(codePoint)));
        scripts.remove(UnicodeScript.COMMON);
        scripts.remove(UnicodeScript.INHERITED);
        return members.size() == 1 ? 0 : 1 + scripts.size();
    }
}
