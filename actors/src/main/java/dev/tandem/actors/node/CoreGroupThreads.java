package dev.tandem.actors.node;

import dev.tandem.actors.node.CoreGroupActor.Command;
import dev.tandem.inference.runtime.CoreGroupSpec;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The two threads of a core group, as actors. To open a session takes as long as many requests: were it done by the thread
 * that computes, those of a plan that serves would wait for the plan that is to replace it.
 *
 * @param computing runs and closes sessions
 * @param opening opens sessions and runs them for the first time
 */
public record CoreGroupThreads(ActorRef<Command> computing, ActorRef<Command> opening) {

    static CoreGroupThreads spawn(ActorContext<?> context, CoreGroupSpec spec) {
        return new CoreGroupThreads(
                context.spawn(CoreGroupActor.computing(spec), "core-group-" + spec.name(), CoreGroupActor.PROPS),
                context.spawn(CoreGroupActor.opening(spec), "opening-" + spec.name(), CoreGroupActor.PROPS));
    }
}
