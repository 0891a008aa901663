package dev.tandem.actors.node;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.TetherEvent;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.NetworkSettings;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The tethers of a member, tied to its settings and to who is to hear of every peer that is lost.
 *
 * <p>Thread-safe. Each epoch that exchanges frames with a node connects and releases it once; the last one lets it go, so
 * that the end of a link that nobody uses is no loss. When the member's actor system ends, for whatever reason, it falls
 * silent as well.
 */
final class TetherHub implements GatewayActor.Tether, AutoCloseable {

    private final Tethers tethers;
    private final String name;
    private final String host;
    /** Of each node, as it was when this member was tied to it. */
    private final Map<String, Long> incarnations;

    private final List<GatewayActor.LossListener> listeners;
    private final Map<String, Integer> users = new HashMap<>();
    private boolean isClosed;

    private TetherHub(
            Tethers tethers,
            String name,
            String host,
            Map<String, Long> incarnations,
            List<GatewayActor.LossListener> listeners) {
        this.listeners = listeners;
        this.tethers = tethers;
        this.name = name;
        this.host = host;
        this.incarnations = incarnations;
    }

    /**
     * Opens the node's end; from now on peers can tie themselves to it.
     *
     * @param member tells its supervisor of losses; stopped when this fails
     * @throws MemberStartException when the port is taken
     */
    static TetherHub open(Tethers.Identity identity, NetworkSettings network, Member member) {
        ActorRef<SupervisorMessages.Command> supervisor = member.supervisor();
        Map<String, Long> incarnations = new ConcurrentHashMap<>();
        List<GatewayActor.LossListener> listeners = new CopyOnWriteArrayList<>();
        return open(identity, network, member, incarnations, listeners, event -> {
            if (event instanceof TetherEvent.Lost lost) {
                long incarnation = incarnations.getOrDefault(lost.peer(), 0L);
                listeners.forEach(listener -> listener.onLost(lost.peer(), incarnation, lost.stood()));
                supervisor.tell(
                        new SupervisorMessages.PeerLost(lost.peer(), incarnation, lost.reason(), identity.node()));
            }
        });
    }

    /**
     * Opens the end of a member that hears of losses itself.
     *
     * @param listener called by the tethers' thread; must not block
     * @throws MemberStartException when the port is taken; the member is stopped then
     */
    static TetherHub open(
            Tethers.Identity identity, NetworkSettings network, Member member, Consumer<TetherEvent> listener) {
        return open(identity, network, member, new ConcurrentHashMap<>(), new CopyOnWriteArrayList<>(), listener);
    }

    private static TetherHub open(
            Tethers.Identity identity,
            NetworkSettings network,
            Member member,
            Map<String, Long> incarnations,
            List<GatewayActor.LossListener> listeners,
            Consumer<TetherEvent> listener) {
        Tethers.Settings settings = new Tethers.Settings(
                network.tetherBeat(), network.tetherSilence(), Tethers.Settings.DEFAULT.greeting());
        InetSocketAddress bind = new InetSocketAddress(network.bindHost(), network.tetherPort());
        try {
            Tethers tethers = Tethers.open(identity, bind, settings, listener);
            TetherHub hub = new TetherHub(tethers, identity.node(), network.host(), incarnations, listeners);
            member.terminated().whenComplete((done, failure) -> hub.close());
            return hub;
        } catch (UncheckedIOException e) {
            member.stop();
            throw new MemberStartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Where peers can dial. */
    TetherAddress address() {
        return new TetherAddress(host, tethers.address().getPort(), tethers.incarnation());
    }

    @Override
    public synchronized void connect(String node, TetherAddress at) {
        if (!isClosed && !node.equals(name)) {
            users.merge(node, 1, Integer::sum);
            incarnations.put(node, at.incarnation());
            connect(node, new InetSocketAddress(at.host(), at.port()));
        }
    }

    @Override
    public synchronized void release(String node) {
        boolean isLast = users.getOrDefault(node, 0) == 1;
        users.computeIfPresent(node, (peer, count) -> count == 1 ? null : count - 1);
        if (isLast && !isClosed) {
            tethers.release(node);
        }
    }

    @Override
    public Runnable onLost(GatewayActor.LossListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ties this member to a peer that no epoch is about, unless it is already. */
    void connect(String peer, InetSocketAddress at) {
        tethers.hold(peer, at);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        tethers.close();
    }
}
