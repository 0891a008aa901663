package dev.tandem.actors.supervisor;

import org.jspecify.annotations.Nullable;

/** Why a job is to end before its time; it still has to come to its end. */
record JobStop(Kind kind, String reason) {

    /** What comes later weighs more. */
    enum Kind {
        /** Something more urgent comes first; it is done after that. */
        DISPLACED,
        /** Nobody waits for it any more. */
        OVERDUE,
        /** The gateway is to be served no more. */
        WITHDRAWN
    }

    /** This one, unless there is one already that weighs more. */
    JobStop after(@Nullable JobStop before) {
        return before == null || before.kind.compareTo(kind) < 0 ? this : before;
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** Also when the gateway has been told of the epoch already, only a withdrawal ends the rollout. */
    Rollout.Event event() {
        return is(Kind.WITHDRAWN) ? new Rollout.Cancel(reason) : new Rollout.GiveUp(reason);
    }
}
