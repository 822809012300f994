package org.corestack.cli.replicate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.corestack.cli.progress.Progress;
import org.corestack.document.Key;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a copy.
 *
 * @param results of its collections
 * @param listed how many documents the lists had
 * @param changed how many documents were written because they had changed meanwhile
 * @param elapsed how long that took, without the verification
 */
record Outcome(List<Verification.Result> results, long listed, long changed, Duration elapsed) {
    private static final int MOST_SHOWN = 10;

    /** Copies the list. */
    Outcome {
        results = List.copyOf(results);
    }

    long documents() {
        return results.stream().mapToLong(Verification.Result::documents).sum();
    }

    long mismatches() {
        return results.stream().mapToLong(result -> result.mismatches().size()).sum();
    }

    double perSecond() {
        return Math.round(Progress.perSecond(listed + changed, elapsed) * 10) / 10.0;
    }

    /** One JSON object in one line. */
    String toJson() {
        JsonMapper mapper = JsonMapper.shared();
        return mapper.writeValueAsString(mapper.createObjectNode()
                .put("documents", documents())
                .put("mismatches", mismatches())
                .put("perSecond", perSecond())
                .put("collections", results.size())
                .put("changes", changed));
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Verification.Result result : results) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %,d documents, checksum %s%s",
                    result.path(),
                    result.documents(),
                    result.checksum(),
                    result.changing() == 0 ? "" : "; " + result.changing() + " change too fast to be compared"));
            for (Key key : result.mismatches().stream().limit(MOST_SHOWN).toList()) {
                lines.add("  differs: " + key);
            }
        }
        lines.add(String.format(
                Locale.ROOT,
                "%,d documents in %,d collections, %,d changes meanwhile, %,.0f a second; mismatches %,d: %s",
                documents(),
                results.size(),
                changed,
                perSecond(),
                mismatches(),
                mismatches() == 0 ? "the copy is whole" : "THE COPY DIFFERS"));
        return lines;
    }
}
