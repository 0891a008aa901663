package dev.tandem.actors.node;

import dev.tandem.actors.transport.TetherEvent;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.TandemSettings;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/** A member that only asks: it hosts nothing and takes no requests. Thread-safe. */
public final class ClientMember {

    private final Member member;
    private final TetherHub tethers;

    private ClientMember(Member member, TetherHub tethers) {
        this.member = member;
        this.tethers = tethers;
    }

    /**
     * Starts and joins.
     *
     * @param onTether hears of members that are lost, on the tethers' thread; must not block
     * @throws MemberStartException when it cannot listen or join
     */
    public static ClientMember start(LoadedSettings loaded, String version, Consumer<TetherEvent> onTether) {
        TandemSettings settings = loaded.settings();
        Member member = Member.start(loaded, Member.CLIENT_ROLE, version);
        String name = "client-" + member.address();
        TetherHub tethers = TetherHub.open(
                new Tethers.Identity(Member.SYSTEM_NAME, version, name), settings.network(), member, onTether);
        try {
            member.join(settings.network().seeds());
            return new ClientMember(member, tethers);
        } catch (RuntimeException e) {
            tethers.close();
            member.stop();
            throw e;
        }
    }

    public ActorSystem<?> system() {
        return member.system();
    }

    /** Ties this member to another, unless it is already. */
    public void connect(String peer, InetSocketAddress at) {
        tethers.connect(peer, at);
    }

    /** Leaves the cluster; completes when that is done. */
    public CompletionStage<Void> stop() {
        tethers.close();
        return member.stop();
    }
}
