package dev.tandem.actors.transport;

import dev.tandem.actors.transport.Tether.Message;
import dev.tandem.actors.transport.Tether.State;
import dev.tandem.actors.transport.TetherEvent.Held;
import dev.tandem.actors.transport.TetherEvent.Lost;
import dev.tandem.actors.transport.TetherEvent.Released;
import dev.tandem.actors.transport.Tethers.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of {@link Tethers} does: waits for connections, messages, the next beat and commands. Other threads
 * only {@link #submit} and {@link #stop}.
 */
final class TetherLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(TetherLoop.class);

    private final TetherHello hello;
    private final Settings settings;
    private final Consumer<TetherEvent> listener;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Set<String> heldPeers = ConcurrentHashMap.newKeySet();
    private final Set<Tether> tethers = new LinkedHashSet<>();
    private volatile boolean closed;

    /** Binds the address; nothing is served before the loop runs. */
    TetherLoop(TetherHello hello, InetSocketAddress bind, Settings settings, Consumer<TetherEvent> listener)
            throws IOException {
        this.hello = hello;
        this.settings = settings;
        this.listener = listener;
        this.selector = Selector.open();
        this.server = ServerSocketChannel.open();
        try {
            server.bind(bind);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            address = (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            closeServer();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    Set<String> heldPeers() {
        return Set.copyOf(heldPeers);
    }

    void hold(String peer, InetSocketAddress at) {
        submit(() -> dial(peer, at));
    }

    void release(String peer) {
        submit(() -> select(tether -> tether.isTo(peer)).forEach(this::leave));
    }

    void stop() {
        closed = true;
        selector.wakeup();
    }

    private void submit(Runnable command) {
        if (closed) {
            throw new IllegalStateException("tethers of node '" + hello.node() + "' are closed");
        }
        commands.add(command);
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (IOException | RuntimeException e) {
            LOG.error("tethers of node '{}' end", hello.node(), e);
            List.copyOf(tethers).forEach(tether -> lose(tether, "tethers of this node failed: " + e));
        } finally {
            closed = true;
            tethers.forEach(this::closeQuietly);
            heldPeers.clear();
            closeServer();
        }
    }

    private void serve() throws IOException {
        long beatNanos = settings.beat().toNanos();
        long nextBeat = System.nanoTime() + beatNanos;
        while (!closed) {
            selector.select(this::onReady, Math.max(1, (nextBeat - System.nanoTime()) / 1_000_000));
            for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
                command.run();
            }
            long now = System.nanoTime();
            long lateNanos = now - nextBeat;
            if (lateNanos >= 0) {
                nextBeat = now + beatNanos;
                beatAll(now, lateNanos > beatNanos ? lateNanos : 0);
            }
        }
        sayGoodbye();
    }

    /** A time in which this thread did not run, because the process was paused, is no silence of the peers. */
    private void beatAll(long now, long pausedNanos) {
        tethers.forEach(tether -> tether.forgive(pausedNanos, now));
        List.copyOf(tethers).forEach(tether -> onBeat(tether, now));
    }

    private void sayGoodbye() throws IOException {
        List.copyOf(tethers).forEach(this::leave);
        long deadline = System.nanoTime() + settings.silence().toNanos();
        while (!tethers.isEmpty() && System.nanoTime() - deadline < 0) {
            selector.select(this::onReady, Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }

    private void onReady(SelectionKey key) {
        Tether tether = (Tether) key.attachment();
        try {
            if (tether == null) {
                accept();
            } else if (!tethers.contains(tether)) {
                return;
            } else if (key.isConnectable()) {
                tether.connected(hello);
            } else {
                onReadable(tether);
            }
        } catch (IOException | IllegalArgumentException e) {
            if (tether == null) {
                LOG.warn("a tether could not be accepted", e);
            } else {
                lose(tether, String.valueOf(e.getMessage()));
            }
        }
    }

    private void onReadable(Tether tether) throws IOException {
        boolean open = tether.read(System.nanoTime());
        for (Message message = tether.next(); message != null; message = tether.next()) {
            onMessage(tether, message);
            if (!tethers.contains(tether)) {
                return;
            }
        }
        if (!open) {
            lose(tether, "the peer closed the connection");
        }
    }

    private void onMessage(Tether tether, Message message) throws IOException {
        switch (message.kind()) {
            case Tether.HELLO -> onHello(tether, TetherHello.decode(message.payload()));
            case Tether.BEAT -> {}
            case Tether.BYE -> onBye(tether);
            case Tether.REFUSED -> lose(tether, "the peer refused: " + message.text());
            default -> throw new IllegalArgumentException("message of unknown kind " + message.kind());
        }
    }

    private void onHello(Tether tether, TetherHello other) throws IOException {
        if (tether.state() != State.GREETING) {
            return;
        }
        if (closed) {
            // To hold it now and end without a bye would look like a loss.
            leave(tether);
            return;
        }
        String refusal = refusal(tether, other);
        if (refusal != null) {
            tether.refuse(refusal);
            lose(tether, refusal);
            return;
        }
        // A peer that has started anew is not the one that was held, even if the old connection has not noticed yet.
        select(old -> old.isTo(other.node()) && old.state() == State.HELD && old.incarnation() != other.incarnation())
                .forEach(old -> lose(old, "the peer has started anew"));
        if (!tether.isDialled()) {
            tether.send(Tether.HELLO, hello.encode());
        }
        tether.held(other);
        if (heldPeers.add(other.node())) {
            tell(new Held(other.node()));
        }
    }

    private @Nullable String refusal(Tether tether, TetherHello other) {
        if (!other.cluster().equals(hello.cluster())) {
            return "cluster '" + other.cluster() + "' of node '" + other.node() + "' must be '" + hello.cluster() + "'";
        }
        if (!other.version().equals(hello.version())) {
            return "version " + other.version() + " of node '" + other.node() + "' must be " + hello.version();
        }
        if (tether.isDialled() && !tether.isTo(other.node())) {
            return "node '" + other.node() + "' answered, where node '" + tether.peer() + "' was expected";
        }
        return null;
    }

    private void onBye(Tether tether) {
        String peer = tether.peer();
        State state = tether.state();
        drop(tether);
        readGreetings();
        if (peer != null && state == State.HELD && noneHeld(peer) && heldPeers.remove(peer)) {
            // Begun while the peer was held already: that it comes to nothing now is no loss.
            select(other -> other.isTo(peer) && other.state() == State.DIALLING).forEach(this::drop);
            tell(new Released(peer));
        }
    }

    /**
     * Where both ends have dialled, the peer has greeted on its connection before it said bye on ours, but its greeting may
     * be served later: taken after the bye it would look as if the peer had come back.
     */
    private void readGreetings() {
        try {
            accept();
        } catch (IOException e) {
            LOG.warn("a tether could not be accepted", e);
        }
        for (Tether greeting : select(other -> other.state() == State.GREETING)) {
            try {
                if (tethers.contains(greeting)) {
                    onReadable(greeting);
                }
            } catch (IOException | IllegalArgumentException e) {
                lose(greeting, String.valueOf(e.getMessage()));
            }
        }
    }

    private void onBeat(Tether tether, long now) {
        if (!tethers.contains(tether)) {
            return;
        }
        Duration limit = tether.state() == State.HELD ? settings.silence() : settings.greeting();
        if (tether.silentNanos(now) > limit.toNanos()) {
            lose(tether, "silent for " + limit.toMillis() + " ms");
            return;
        }
        try {
            if (tether.state() == State.HELD) {
                tether.send(Tether.BEAT);
            }
        } catch (IOException e) {
            lose(tether, String.valueOf(e.getMessage()));
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            register(channel, SelectionKey.OP_READ, null);
        }
    }

    private void dial(String peer, InetSocketAddress at) {
        if (!select(tether -> tether.isTo(peer) && tether.state() != State.LEAVING)
                .isEmpty()) {
            return;
        }
        try {
            if (at.isUnresolved()) {
                throw new IOException("unknown host");
            }
            SocketChannel channel = SocketChannel.open();
            Tether tether = register(channel, SelectionKey.OP_CONNECT, peer);
            try {
                if (channel.connect(at)) {
                    tether.connected(hello);
                }
            } catch (IOException e) {
                drop(tether);
                throw e;
            }
        } catch (IOException e) {
            tell(new Lost(peer, "cannot be reached at " + at + ": " + e.getMessage(), false));
        }
    }

    private Tether register(SocketChannel channel, int interest, @Nullable String peer) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, interest);
            Tether tether = new Tether(channel, key, peer, System.nanoTime());
            key.attach(tether);
            tethers.add(tether);
            return tether;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void leave(Tether tether) {
        String peer = tether.peer();
        State state = tether.state();
        // Before the peer can know: who hears from it that it was let go must not find it held here.
        if (peer != null && noneHeldBut(tether, peer)) {
            heldPeers.remove(peer);
        }
        try {
            if (state == State.HELD || state == State.GREETING) {
                // Also where only the other end counts as greeted: without a bye it would take this for a loss.
                tether.leave();
            } else if (state != State.LEAVING) {
                drop(tether);
            }
        } catch (IOException e) {
            LOG.debug("peer '{}' was gone before it was let go", peer, e);
            drop(tether);
        }
    }

    /** Ends a connection that should have lasted. A peer is lost with any of its connections, and only once. */
    private void lose(Tether tether, String reason) {
        String peer = tether.peer();
        State state = tether.state();
        drop(tether);
        if (state == State.LEAVING) {
            return;
        }
        if (peer == null) {
            LOG.info("a connection to the tethers was not taken: {}", reason);
            return;
        }
        select(other -> other.isTo(peer)).forEach(this::drop);
        boolean stood = heldPeers.remove(peer);
        tell(new Lost(peer, reason, stood));
    }

    private boolean noneHeldBut(Tether leaving, String peer) {
        return select(tether -> tether != leaving && tether.isTo(peer) && tether.state() == State.HELD)
                .isEmpty();
    }

    private boolean noneHeld(String peer) {
        return select(tether -> tether.isTo(peer) && tether.state() == State.HELD)
                .isEmpty();
    }

    private List<Tether> select(Predicate<Tether> wanted) {
        return tethers.stream().filter(wanted).toList();
    }

    private void drop(Tether tether) {
        tethers.remove(tether);
        closeQuietly(tether);
    }

    private void tell(TetherEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("listener failed on {}", event, e);
        }
    }

    private void closeQuietly(Tether tether) {
        try {
            tether.close();
        } catch (IOException e) {
            LOG.debug("a tether was not closed cleanly", e);
        }
    }

    private void closeServer() {
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("the tethers' port was not closed cleanly", e);
        }
    }
}
