package org.corestack.cli.demo.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.corestack.cli.progress.Progress;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What came of it.
 *
 * @param records how many records there were to do
 * @param results how many descriptions the table holds
 * @param groups how many groups of look-alikes the table holds
 * @param lost how many documents of both tables are missing, differ, or should not be there
 * @param duplicates how many keys had their description created or changed more than once
 * @param collisions how many inserts came second
 * @param described how many descriptions were written in this run
 * @param elapsed how long that took, from the replicas' start to the last group
 * @param takeover the time from SIGKILL to the replacement's first result; empty if the others left it nothing to do
 * @param replicas how many replicas were asked for
 * @param parts what each replica did
 * @param surprises some of the most surprising look-alikes, a line each
 * @param faults what the proof found, a line each; a part of it where it is much
 */
public record Summary(
        int records,
        long results,
        long groups,
        long lost,
        long duplicates,
        long collisions,
        long described,
        Duration elapsed,
        Optional<Duration> takeover,
        int replicas,
        List<Progress.Row> parts,
        List<String> surprises,
        List<String> faults) {
    /** Copies the lists. */
    public Summary {
        parts = List.copyOf(parts);
        surprises = List.copyOf(surprises);
        faults = List.copyOf(faults);
    }

    /** Whether the tables hold just what they should, each description written once. */
    public boolean holds() {
        return lost == 0 && duplicates == 0 && results == records;
    }

    /** One JSON object in one line. {@code takeoverMillis} is null where there is none. */
    public String toJson() {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode json = mapper.createObjectNode()
                .put("records", records)
                .put("results", results)
                .put("lost", lost)
                .put("duplicates", duplicates)
                .put("collisions", collisions)
                .put("takeoverMillis", takeover.map(Duration::toMillis).orElse(null))
                .put("perSecond", Math.round(Progress.perSecond(described, elapsed) * 10) / 10.0)
                .put("replicas", replicas);
        return mapper.writeValueAsString(json);
    }
}
