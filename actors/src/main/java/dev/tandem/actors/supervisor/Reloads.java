package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Reload;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Carries out one reload after the other. Used by the supervisor's thread only. */
final class Reloads {

    enum RoundOver implements Command {
        OVER
    }

    private final ActorContext<Command> context;
    private final Deque<Reload> waiting = new ArrayDeque<>();
    private boolean isUnderWay;

    Reloads(ActorContext<Command> context) {
        this.context = context;
    }

    /** Who has waited for long asks again. */
    void onReload(Reload reload) {
        if (!waiting.contains(reload)) {
            waiting.addLast(reload);
        }
        startNext();
    }

    void onRoundOver() {
        isUnderWay = false;
        startNext();
    }

    private void startNext() {
        Reload next = isUnderWay ? null : waiting.pollFirst();
        if (next != null) {
            isUnderWay = true;
            ActorRef<ReloadRound.Event> round = context.spawnAnonymous(ReloadRound.create(next, context.getSelf()));
            context.watchWith(round, RoundOver.OVER);
        }
    }
}
