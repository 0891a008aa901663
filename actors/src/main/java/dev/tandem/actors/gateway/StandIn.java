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

    /** @param serves whether it is in place; nobody else has taken it over yet */
    private record Rolling(long epoch, ActorRef<Rollout.Event> rollout, boolean serves) {}

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

    /** The same, of what was kept for this epoch. */
    void drop(long epoch) {
        if (ready != null && ready.epoch() == epoch) {
            drop();
        }
    }

    /**
     * What to put in place when just this is lost, and the epoch with it. A node that the gateway could not be tied to need not be
     * lost: the supervisor may reach it all the same, and what was kept for its loss is of no use.
     */
    Optional<Contingency> planFor(GatewayEpoch serving, String node, long incarnation, boolean stood) {
        Optional<Contingency> feared = Optional.ofNullable(ready)
                .filter(kept -> kept.epoch() == serving.number() && kept.node().equals(node));
        if (feared.isPresent() && !stood) {
            drop();
        }
        return feared.filter(kept -> stood && serving.isLostWith(node, incarnation));
    }

    void begin(Contingency contingency, GatewayEpoch lost) {
        drop();
        rolling = new Rolling(contingency.instead().epoch(), begin.apply(contingency, lost), false);
    }

    /** Whether a plan is on its way into place. */
    boolean isUnderWay() {
        return rolling != null && !rolling.serves();
    }

    /** The epoch's number that a supervisor has left for what is kept, 0 for none. */
    long reservedEpoch() {
        return ready == null ? 0 : ready.instead().epoch();
    }

    /**
     * This one serves, from whomever it came: another one of the gateway's own is not wanted any more. One that has served drains,
     * and its rollout goes on until then: when that ends the nodes ask whether they may free it.
     *
     * @return whether there was one on its way
     */
    boolean serves(long epoch) {
        drop();
        if (rolling != null && rolling.epoch() == epoch) {
            rolling = new Rolling(epoch, rolling.rollout(), true);
            return false;
        }
        return giveUp();
    }

    /** What is on its way into place is not wanted any more; returns whether there was anything. */
    boolean giveUp() {
        boolean was = isUnderWay();
        if (was) {
            release();
        }
        return was;
    }

    /** What could not be put in place is over. */
    void ended(Rollout.Outcome outcome) {
        if (rolling != null
                && rolling.epoch() == outcome.epoch()
                && !outcome.reason().isEmpty()) {
            rolling = null;
        }
    }

    /** There is a supervisor that takes it over. */
    void handOver(long epoch) {
        if (rolling != null && rolling.epoch() == epoch) {
            release();
        }
    }

    private void release() {
        if (rolling != null) {
            rolling.rollout().tell(Rollout.Release.RELEASE);
            rolling = null;
        }
    }
}
