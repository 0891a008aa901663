package dev.tandem.actors.node;

import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.CoreGroupThread;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A core group: runs what its shards give it, one task after another, on one thread that belongs to this group alone and
 * is pinned to its CPUs.
 *
 * <p>Its mailbox is the group's queue. Sessions are opened, run and closed here and nowhere else, since ONNX Runtime's
 * own threads inherit from the thread that opens a session and the calling thread computes too.
 */
public final class CoreGroupActor {

    /** The dispatcher that gives every core group a thread of its own. */
    static final Props PROPS = DispatcherSelector.fromConfig("tandem-dispatchers.core-group");

    private CoreGroupActor() {}

    /** Messages of a core group; only for actors of the same node. */
    public sealed interface Command {}

    /** Runs the task on the group's thread. A task reports its own outcome, failures included, to whom it concerns. */
    public record Execute(Runnable task) implements Command {}

    static Behavior<Command> create(CoreGroupSpec spec) {
        return Behaviors.setup(context -> {
            CoreGroupThread.adopt(spec);
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
