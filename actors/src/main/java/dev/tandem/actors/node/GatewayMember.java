package dev.tandem.actors.node;

import com.typesafe.config.Config;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.TandemSettings;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.slf4j.Logger;

/** A member that hosts no core groups: a process that asks. Thread-safe. */
public final class GatewayMember {

    private final Member member;
    private final TetherHub tethers;
    private final ActorRef<LinkProbe.Command> probe;

    private GatewayMember(Member member, TetherHub tethers) {
        this.member = member;
        this.tethers = tethers;
        this.probe = member.spawn(LinkProbe.create(), LinkProbe.NAME, Props.empty());
    }

    /**
     * Starts and joins.
     *
     * @throws MemberStartException when it cannot listen or join
     */
    public static GatewayMember start(TandemSettings settings, Config resolved, String version) {
        Member member = Member.start(settings, resolved, Member.GATEWAY_ROLE, version);
        Tethers.Identity identity = new Tethers.Identity(Member.SYSTEM_NAME, version, name(member));
        TetherHub tethers = TetherHub.open(identity, settings.network(), member);
        try {
            member.join(settings.network().seeds());
            return new GatewayMember(member, tethers);
        } catch (RuntimeException e) {
            tethers.close();
            member.stop();
            throw e;
        }
    }

    /** Its name as an end of links. */
    public String name() {
        return name(member);
    }

    private static String name(Member member) {
        return "gateway-" + member.address();
    }

    /** Ties this member to a node, unless it is already; the supervisor hears when the node is lost. */
    public void connect(String node, TetherAddress at) {
        tethers.connect(node, at);
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
