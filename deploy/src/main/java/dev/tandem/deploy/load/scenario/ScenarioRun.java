package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Query;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one run, in the order in which they left; offline each is a sample of the one query.
 *
 * @param rate queries per second that were meant to leave, of the server scenario
 * @param isCutShort whether it was ended when it could no longer succeed
 */
public record ScenarioRun(List<Query> queries, @Nullable Double rate, boolean isCutShort) {

    public ScenarioRun {
        queries =
                queries.stream().sorted(Comparator.comparingInt(Query::number)).toList();
        if (queries.isEmpty()) {
            throw new IllegalArgumentException("queries (0) of a run must be at least 1.");
        }
    }

    static ScenarioRun of(List<Query> queries) {
        return new ScenarioRun(queries, null, false);
    }

    /** When the last answer or failure came, in nanoseconds since the beginning. */
    long endNanos() {
        return queries.stream().mapToLong(Query::completedNanos).max().orElseThrow();
    }

    Query last() {
        return queries.get(queries.size() - 1);
    }

    /** Queries of which that came. */
    public int count(Query.Outcome outcome) {
        return (int)
                queries.stream().filter(query -> query.outcome() == outcome).count();
    }
}
