package org.corestack.cli.demo.register;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes texts. A pure function of the text, the JDK's version and ICU4J's: every replica and the proof get the
 * same answer. Thread-safe.
 */
public final class Describer {
    private static final String SEPARATOR = " + ";

    private final SpoofChecker spoofChecker = new SpoofChecker.Builder().build();
    private final Normalizer2 decomposer = Normalizer2.getNFKDInstance();

    /**
     * Everything that the register says about a text.
     *
     * @param text not empty, and without halves of surrogate pairs
     */
    public Description describe(String text) {
        return new Description(
                text.codePoints().mapToObj(Describer::name).collect(Collectors.joining(SEPARATOR)),
                scripts(text),
                orNone(blocks(text).collect(Collectors.joining(SEPARATOR))),
                letterCase(text),
                decomposition(text),
                skeletonKey(text));
    }

    /** The key under which the group of a text's look-alikes stands. */
    public String skeletonKey(String text) {
        return CodePoints.key(spoofChecker.getSkeleton(text));
    }

    /** The running JDK's name; where its Unicode is too old for the character, ICU4J's. */
    private static String name(int codePoint) {
        String name = Character.getName(codePoint);
        return name == null ? UCharacter.getExtendedName(codePoint) : name;
    }

    /**
     * A character that several scripts share adds them only where none of them is there by a character of its own:
     * a text in Arabic with a tatweel is in Arabic, not in nine scripts.
     */
    private static List<String> scripts(String text) {
        BitSet own = new BitSet();
        List<BitSet> shared = new ArrayList<>();
        text.codePoints().distinct().forEach(codePoint -> {
            BitSet scripts = new BitSet();
            UScript.getScriptExtensions(codePoint, scripts);
            if (scripts.cardinality() == 1) {
                own.or(scripts);
            } else {
                shared.add(scripts);
            }
        });
        BitSet all = (BitSet) own.clone();
        shared.stream().filter(scripts -> !scripts.intersects(own)).forEach(all::or);
        BitSet real = (BitSet) all.clone();
        real.clear(UScript.COMMON);
        real.clear(UScript.INHERITED);
        BitSet shown = real.isEmpty() ? all : real;
        return List.copyOf(
                new TreeSet<>(shown.stream().mapToObj(UScript::getName).toList()));
    }

    private static Stream<String> blocks(String text) {
        return text.codePoints()
                .map(codePoint -> UCharacter.getIntPropertyValue(codePoint, UProperty.BLOCK))
                .filter(block -> block != UCharacter.UnicodeBlock.NO_BLOCK.getID())
                .distinct()
                .mapToObj(block -> UCharacter.getPropertyValueName(UProperty.BLOCK, block, UProperty.NameChoice.LONG));
    }

    private static String letterCase(String text) {
        boolean upper = text.codePoints().anyMatch(UCharacter::isUUppercase);
        boolean lower = text.codePoints().anyMatch(UCharacter::isULowercase);
        boolean title = text.codePoints().anyMatch(UCharacter::isTitleCase);
        if (upper && !lower && !title) {
            return "upper";
        }
        if (lower && !upper && !title) {
            return "lower";
        }
        if (title && !upper && !lower) {
            return "title";
        }
        return upper || lower || title ? "mixed" : Description.NONE;
    }

    private String decomposition(String text) {
        String decomposed = decomposer.normalize(text);
        return decomposed.equals(text) ? Description.NONE : CodePoints.hex(decomposed);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? Description.NONE : text;
    }
}
