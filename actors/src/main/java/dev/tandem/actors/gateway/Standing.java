package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Origin;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway stands for towards supervisors, so that one that comes later can go on where another has ended. Used by
 * the gateway's thread only.
 */
final class Standing {

    private final GatewayRef here;
    private long newestEpoch;
    private long newestBegun;
    private @Nullable Origin interrupted;

    Standing(GatewayRef here) {
        this.here = here;
    }

    long newestEpoch() {
        return newestEpoch;
    }

    /** Of this epoch and those before it none is taken any more. */
    void hasHeardOf(long epoch) {
        newestEpoch = Math.max(newestEpoch, epoch);
    }

    /** The gateway puts it in place itself: what a supervisor puts in place from now on is to be newer. */
    void begins(long epoch) {
        newestBegun = Math.max(newestBegun, epoch);
    }

    /** What it puts in place itself is not wanted any more, also where it is on its way here already. */
    void givesUp() {
        hasHeardOf(newestBegun);
    }

    /** Nothing is served now; the origin is what is to be served again, null when there is nothing. */
    void servesNothing(@Nullable Origin toBeServedAgain) {
        interrupted = toBeServedAgain;
    }

    void serves() {
        interrupted = null;
    }

    Optional<Origin> interrupted() {
        return Optional.ofNullable(interrupted);
    }

    /** What is to be served again and why it is not served now; empty when there is no such model. */
    String interruption(String reason) {
        return interrupted == null
                ? ""
                : "model '" + interrupted.offer().manifest().model() + "' is interrupted: " + reason;
    }

    Announce announcement(@Nullable GatewayEpoch active, Collection<GatewayEpoch> epochs, StandIn standIn) {
        List<Long> draining = epochs.stream()
                .filter(epoch -> epoch != active)
                .map(GatewayEpoch::number)
                .toList();
        long serving = active == null ? 0 : active.number();
        return new Announce(
                here,
                Math.max(newestEpoch, newestBegun),
                standIn.reservedEpoch(),
                serving,
                draining,
                interrupted != null,
                standIn.isUnderWay());
    }

    Holdings holdings(@Nullable GatewayEpoch active, Collection<GatewayEpoch> epochs) {
        List<Activate> draining = epochs.stream()
                .filter(epoch -> epoch != active)
                .map(GatewayEpoch::activation)
                .toList();
        return new Holdings(here, Optional.ofNullable(active).map(GatewayEpoch::activation), draining, interrupted());
    }
}
