package dev.tandem.actors.node;

import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.TetherEvent;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.NetworkSettings;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** The tethers of a member, tied to its settings and to who is to hear of every peer that is lost. */
final class TetherHub implements AutoCloseable {

    private final Tethers tethers;
    private final String host;

    private TetherHub(Tethers tethers, String host) {
        this.tethers = tethers;
        this.host = host;
    }

    /**
     * Opens the node's end; from now on peers can tie themselves to it.
     *
     * @param member tells its supervisor of losses; stopped when this fails
     * @throws MemberStartException when the port is taken
     */
    static TetherHub open(Tethers.Identity identity, NetworkSettings network, Member member) {
        ActorRef<SupervisorMessages.Command> supervisor = member.supervisor();
        return open(identity, network, member, event -> tell(identity.node(), event, supervisor));
    }

    /**
     * Opens the end of a member that hears of losses itself.
     *
     * @param listener called by the tethers' thread; must not block
     * @throws MemberStartException when the port is taken; the member is stopped then
     */
    static TetherHub open(
            Tethers.Identity identity, NetworkSettings network, Member member, Consumer<TetherEvent> listener) {
        Tethers.Settings settings = new Tethers.Settings(
                network.tetherBeat(), network.tetherSilence(), Tethers.Settings.DEFAULT.greeting());
        InetSocketAddress bind = new InetSocketAddress(network.bindHost(), network.tetherPort());
        try {
            Tethers tethers = Tethers.open(identity, bind, settings, listener);
            return new TetherHub(tethers, network.host());
        } catch (UncheckedIOException e) {
            member.stop();
            throw new MemberStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void tell(String node, TetherEvent event, ActorRef<SupervisorMessages.Command> supervisor) {
        if (event instanceof TetherEvent.Lost lost) {
            supervisor.tell(new SupervisorMessages.PeerLost(lost.peer(), lost.reason(), node));
        }
    }

    /** Where peers can dial. */
    TetherAddress address() {
        return new TetherAddress(host, tethers.address().getPort());
    }

    /** Ties this node to a peer, unless it is already. */
    void connect(String peer, TetherAddress at) {
        connect(peer, new InetSocketAddress(at.host(), at.port()));
    }

    void connect(String peer, InetSocketAddress at) {
        tethers.hold(peer, at);
    }

    @Override
    public void close() {
        tethers.close();
    }
}
