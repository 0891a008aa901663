package dev.tandem.actors.node;

import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.CoreGroupThread;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A thread of a core group: runs what its shards give it, one task after another, pinned to the group's CPUs.
 *
 * <p>Each core group has two, see {@link CoreGroupThreads}. Sessions are opened, run and closed on them and nowhere else,
 * since ONNX Runtime's own threads inherit from the thread that opens a session and the calling thread computes too.
 */
public final class CoreGroupActor {

    /** The dispatcher that gives every core group a thread of its own. */
    static final Props PROPS = DispatcherSelector.fromConfig("tandem-dispatchers.core-group");

    private CoreGroupActor() {}

    /** Messages of a core group; only for actors of the same node. */
    public sealed interface Command {}

    /** Runs the task on the group's thread. A task reports its own outcome, failures included, to whom it concerns. */
    public record Execute(Runnable task) implements Command {}

    /** The one that computes: its mailbox is the group's queue. */
    static Behavior<Command> computing(CoreGroupSpec spec) {
        return on(spec, CoreGroupThread::adopt);
    }

    /** The one that opens sessions while the other computes. */
    static Behavior<Command> opening(CoreGroupSpec spec) {
        return on(spec, CoreGroupThread::adoptBeside);
    }

    private static Behavior<Command> on(CoreGroupSpec spec, Consumer<CoreGroupSpec> adopt) {
        return Behaviors.setup(context -> {
            adopt.accept(spec);
            return Behaviors.supervise(running()).onFailure(Throwable.class, SupervisorStrategy.resume());
        });
    }

    private static Behavior<Command> running() {
        return Behaviors.receive(Command.class)
                .onMessage(Execute.class, execute -> {
                    execute.task().run();
                    return Behaviors.same();
                })
                .build();
    }
}
