package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Contingency;
import dev.tandem.actors.supervisor.Rollout;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a supervisor that is lost together with all that serves: has put in place what that one has planned for its own
 * loss. Used by the gateway's thread only.
 */
final class StandIn {

    private final GatewayActor.Tether tether;
    private final BiFunction<Contingency, GatewayEpoch, ActorRef<Rollout.Event>> begin;
    private @Nullable Contingency ready;
    private @Nullable Rolling rolling;

    private record Rolling(long epoch, ActorRef<Rollout.Event> rollout) {}

    /** @param begin begins to put the plan in place and has the nodes free the epoch that is lost */
    StandIn(GatewayActor.Tether tether, BiFunction<Contingency, GatewayEpoch, ActorRef<Rollout.Event>> begin) {
        this.tether = tether;
        this.begin = begin;
    }

    /** Ties the gateway to the supervisor's node, with which it may exchange nothing, for as long as this is kept. */
    void keep(Contingency contingency, GatewayEpoch serving) {
        drop();
        serving.tetherOf(contingency.node()).ifPresent(at -> {
            ready = contingency;
            tether.connect(contingency.node(), at);
        });
    }

    /** The supervisor's node is not feared for any more, or what served with it does not serve any more. */
    void drop() {
        if (ready != null) {
            tether.release(ready.node());
            ready = null;
        }
    }

    /** What to put in place when just this is lost, and the epoch with it. */
    Optional<Contingency> planFor(GatewayEpoch serving, String node, long incarnation) {
        return Optional.ofNullable(ready)
                .filter(kept -> kept.epoch() == serving.number()
                        && kept.node().equals(node)
                        && serving.isLostWith(node, incarnation));
    }

    void begin(Contingency contingency, GatewayEpoch lost) {
        drop();
        rolling = new Rolling(contingency.instead().epoch(), begin.apply(contingency, lost));
    }

    /** This one serves, from whomever it came: another one of the gateway's own is not wanted any more. */
    void serves(long epoch) {
        drop();
        if (rolling != null && rolling.epoch() != epoch) {
            rolling.rollout().tell(Rollout.Release.RELEASE);
            rolling = null;
        }
    }

    /** There is a supervisor that takes it over. */
    void handOver(long epoch) {
        if (rolling != null && rolling.epoch() == epoch) {
            rolling.rollout().tell(Rollout.Release.RELEASE);
            rolling = null;
        }
    }
}
