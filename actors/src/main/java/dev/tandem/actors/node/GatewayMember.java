package dev.tandem.actors.node;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.TandemSettings;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.slf4j.Logger;

/** A member through which a process asks: one that hosts no core groups, or a node in the same process. Thread-safe. */
public final class GatewayMember {

    private final Member member;
    private final TetherHub tethers;
    private final ActorRef<LinkProbe.Command> probe;
    private final String name;

    GatewayMember(Member member, TetherHub tethers, ActorRef<LinkProbe.Command> probe, String name) {
        this.member = member;
        this.tethers = tethers;
        this.probe = probe;
        this.name = name;
    }

    /**
     * Starts and joins one that hosts no core groups.
     *
     * @throws MemberStartException when it cannot listen or join
     */
    public static GatewayMember start(LoadedSettings loaded, String version) {
        TandemSettings settings = loaded.settings();
        Member member = Member.start(loaded, Member.GATEWAY_ROLE, version);
        String name = "gateway-" + member.address();
        Tethers.Identity identity = new Tethers.Identity(Member.SYSTEM_NAME, version, name);
        TetherHub tethers = TetherHub.open(identity, settings.network(), member);
        try {
            member.join(settings.network().seeds());
            ActorRef<LinkProbe.Command> probe = member.spawn(LinkProbe.create(), LinkProbe.NAME, Props.empty());
            member.keepSettings(name, false);
            CrashCheck.watch(member, tethers);
            return new GatewayMember(member, tethers, probe, name);
        } catch (RuntimeException e) {
            tethers.close();
            member.stop();
            throw e;
        }
    }

    /** Its settings as they are now. */
    public LiveSettings settings() {
        return member.settings();
    }

    /** Its name as an end of links. */
    public String name() {
        return name;
    }

    /** Ties this member to other nodes; the supervisor hears when one is lost. */
    public GatewayActor.Tether tethers() {
        return tethers;
    }

    /** Where others can tie themselves to this member. */
    public TetherAddress tether() {
        return tethers.address();
    }

    public ActorRef<LinkProbe.Command> probe() {
        return probe;
    }

    public ActorRef<SupervisorMessages.Command> supervisor() {
        return member.supervisor();
    }

    public ActorSystem<?> system() {
        return member.system();
    }

    public Logger log() {
        return member.system().log();
    }

    /** Makes an actor directly under the guardian. */
    public <T> ActorRef<T> spawn(Behavior<T> behavior, String name, Props props) {
        return member.spawn(behavior, name, props);
    }

    /** Completes when the member has ended, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return member.terminated();
    }

    /** Leaves the cluster and returns when that is done, or has taken too long. */
    public void stop(Duration timeout) {
        tethers.close();
        try {
            member.stop().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log().warn("leaving the cluster took too long or failed: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
