package org.corestack.cli.demo.register;

import java.util.List;

/**
 * What the table {@code descriptions} holds: what is known about one text. {@code none} stands where there is
 * nothing to say.
 *
 * @param name the names of its characters, joined by {@code " + "}
 * @param scripts the scripts that it is written in, sorted; Common and Inherited only where there is no other
 * @param block the Unicode blocks of its characters, each once, joined by {@code " + "}
 * @param letterCase {@code upper}, {@code lower}, {@code title} or {@code mixed}
 * @param decomposition the code points of its full compatibility decomposition (NFKD), where that is another text
 * @param skeleton the code points of its skeleton as {@link CodePoints#key} writes them: texts of one skeleton
 *     look alike
 */
public record Description(
        String name, List<String> scripts, String block, String letterCase, String decomposition, String skeleton) {
    /** Stands where there is nothing to say. */
    public static final String NONE = "none";

    /** Copies the list. */
    public Description {
        scripts = List.copyOf(scripts);
    }
}
