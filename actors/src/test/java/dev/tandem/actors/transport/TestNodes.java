package dev.tandem.actors.transport;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Actor systems with Tandem's own settings on the loopback interface, each with a {@code /user/node-agent}. */
final class TestNodes implements AutoCloseable {

    private static final Config SETTINGS = ConfigFactory.parseString(
            """
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.coordinated-shutdown { exit-jvm = off, run-by-jvm-shutdown-hook = off }
            pekko.cluster.jmx.enabled = off
            pekko.loglevel = ERROR
            """);

    private final List<ActorTestKit> kits = new ArrayList<>();

    ActorTestKit start(String name) {
        ActorTestKit kit = ActorTestKit.create(name, TransportSettings.system(SETTINGS));
        kits.add(kit);
        return kit;
    }

    /** Spawns a child of the node's agent, and returns the reference that another node has of it. */
    static <M> ActorRef<M> spawnUnderAgent(ActorTestKit home, String name, Behavior<M> behavior, ActorTestKit viewer) {
        return seenBy(viewer, home, spawnUnderAgent(home, name, behavior));
    }

    /** The reference that another node has of an actor. */
    static <M> ActorRef<M> seenBy(ActorTestKit viewer, ActorTestKit home, ActorRef<M> actor) {
        String path = ActorRefResolver.get(home.system()).toSerializationFormat(actor);
        return ActorRefResolver.get(viewer.system()).resolveActorRef(path);
    }

    static <M> ActorRef<M> spawnUnderAgent(ActorTestKit home, String name, Behavior<M> behavior) {
        var started = home.<ActorRef<M>>createTestProbe("started-" + name);
        home.spawn(
                Behaviors.<Void>setup(context -> {
                    started.ref().tell(context.spawn(behavior, name));
                    return Behaviors.empty();
                }),
                "node-agent");
        return started.receiveMessage();
    }

    @Override
    public void close() {
        kits.forEach(ActorTestKit::shutdownTestKit);
    }
}
