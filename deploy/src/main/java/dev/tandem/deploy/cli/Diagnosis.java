package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ServedModel;
import java.util.concurrent.TimeoutException;

/** Adds to a failure what the cluster knows about its cause. */
final class Diagnosis {

    private Diagnosis() {}

    /** As {@link ServedModel#deploy}; a member that dies of its part of the model is named. */
    static ServedModel deploy(ClusterSeat seat, OfferedModel model, DeployOrder order)
            throws TimeoutException, InterruptedException {
        try {
            return ServedModel.deploy(seat, model, order);
        } catch (RuntimeException | TimeoutException e) {
            throw of(e, seat);
        }
    }

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
