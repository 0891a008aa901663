package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.ClusterSeat;

/** Adds to a failure what the cluster knows about its cause. */
final class Diagnosis {

    private Diagnosis() {}

    /** The failure itself, or one that names the member of the local cluster that has died. */
    static RuntimeException of(Exception failure, ClusterSeat seat) {
        return seat.deadMember()
                .<RuntimeException>map(dead -> new CommandException(
                        ExitCode.RUNTIME_ERROR, failure.getMessage() + System.lineSeparator() + dead, failure))
                .orElseGet(() -> failure instanceof RuntimeException unchecked
                        ? unchecked
                        : new CommandException(ExitCode.RUNTIME_ERROR, String.valueOf(failure.getMessage()), failure));
    }
}
