package dev.tandem.actors.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.transport.TransportSettings;
import dev.tandem.config.HostPort;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.NetworkSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A process that asks at a cluster's {@link Door}s and is no member of it. Thread-safe. */
public final class Visitor {

    private static final Config NO_MEMBER = ConfigFactory.parseMap(Map.of(
            "pekko.actor.provider", "remote",
            "pekko.remote.warn-about-direct-use", "off",
            "pekko.remote.warn-unsafe-watch-outside-cluster", "off"));

    private final ActorSystem<Void> system;
    private final List<HostPort> seeds;

    private Visitor(ActorSystem<Void> system, List<HostPort> seeds) {
        this.system = system;
        this.seeds = seeds;
    }

    /**
     * Starts to listen for answers.
     *
     * @param loaded names the nodes to ask as seeds, and the address under which they reach this process
     * @throws MemberStartException when it cannot listen
     */
    public static Visitor start(LoadedSettings loaded) {
        NetworkSettings network = loaded.settings().network();
        Config config = TransportSettings.system(Member.overrides(network, Member.CLIENT_ROLE, BuildVersion.text())
                .withFallback(loaded.config()));
        try {
            ActorSystem<Void> system =
                    ActorSystem.create(Behaviors.empty(), Member.SYSTEM_NAME, NO_MEMBER.withFallback(config));
            return new Visitor(system, network.seeds());
        } catch (RuntimeException e) {
            throw Member.startFailure(network, e);
        }
    }

    /** The doors of the seeds; whether anybody is behind them an answer tells. */
    public List<ActorRef<Door.Message>> doors() {
        ActorRefResolver resolver = ActorRefResolver.get(system);
        return seeds.stream()
                .map(seed -> resolver.<Door.Message>resolveActorRef(
                        "pekko://" + Member.SYSTEM_NAME + "@" + seed + "/user/" + Door.NAME))
                .toList();
    }

    /** The nodes to ask. */
    public List<HostPort> seeds() {
        return seeds;
    }

    public ActorSystem<?> system() {
        return system;
    }

    /** Ends it; completes when that is done. */
    public CompletionStage<Void> stop() {
        system.terminate();
        return system.getWhenTerminated().thenAccept(done -> {});
    }
}
