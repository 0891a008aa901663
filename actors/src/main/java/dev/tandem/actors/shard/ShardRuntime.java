package dev.tandem.actors.shard;

import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.runtime.SessionLease;
import dev.tandem.inference.runtime.SessionPool;
import dev.tandem.inference.runtime.TensorBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A shard's native side: its session, which shards of other epochs and lanes on its core group may share, and for each of
 * {@code window} requests the buffers of its inputs and outputs.
 *
 * <p>Opened, run and closed on its core group's threads; the buffers of a request are read and written by others only
 * while no run uses them.
 */
final class ShardRuntime implements AutoCloseable {

    private final ShardSetup setup;
    private final SessionLease session;
    private final List<Map<String, TensorBuffer>> inputs;
    private final List<Map<String, TensorBuffer>> outputs;
    private final List<Map<Integer, RegionView>> landings = new ArrayList<>();
    private final List<Map<Integer, RegionView>> pieces = new ArrayList<>();

    private ShardRuntime(
            ShardSetup setup,
            SessionLease session,
            List<Map<String, TensorBuffer>> inputs,
            List<Map<String, TensorBuffer>> outputs) {
        this.setup = setup;
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /**
     * Makes the buffers and takes the session; whoever is the first to have it runs it once, so that the first request is as fast
     * as the others.
     */
    static ShardRuntime open(ShardSetup setup, SessionPool sessions) {
        SessionLease session = sessions.lease(setup.shard().place().group(), setup.model(), setup.session());
        List<Map<String, TensorBuffer>> inputs = new ArrayList<>();
        List<Map<String, TensorBuffer>> outputs = new ArrayList<>();
        ShardRuntime runtime = new ShardRuntime(setup, session, inputs, outputs);
        try {
            for (int slot = 0; slot < setup.window(); slot++) {
                inputs.add(runtime.buffers(setup.shard().inputs()));
                outputs.add(runtime.buffers(setup.shard().outputs()));
            }
            runtime.viewPieces();
            if (session.isFirst()) {
                runtime.run(0);
            }
            return runtime;
        } catch (RuntimeException | OutOfMemoryError e) {
            runtime.close();
            throw e;
        }
    }

    /** Computes the outputs of the request with this sequence from its inputs. */
    void run(long sequence) {
        session.run(inputs.get(slot(sequence)), outputs.get(slot(sequence)));
    }

    /** By edge index, where the pieces of this request go. */
    Map<Integer, RegionView> landing(long sequence) {
        return landings.get(slot(sequence));
    }

    /** What this shard has computed for an edge of this request. */
    RegionView piece(long sequence, IndexedEdge edge) {
        return Objects.requireNonNull(pieces.get(slot(sequence)).get(edge.index()), () -> setup + " lacks " + edge);
    }

    /** Once for all requests: where a piece lies does not change. */
    private void viewPieces() {
        List<IndexedEdge> incoming = IndexedEdge.into(setup.lane(), setup.endpoint());
        List<IndexedEdge> outgoing = IndexedEdge.outOf(setup.lane(), setup.endpoint());
        for (int slot = 0; slot < setup.window(); slot++) {
            landings.add(views(inputs.get(slot), setup.shard().inputs(), incoming));
            pieces.add(views(outputs.get(slot), setup.shard().outputs(), outgoing));
        }
    }

    private Map<Integer, RegionView> views(
            Map<String, TensorBuffer> slot, Map<String, Region> regions, List<IndexedEdge> edges) {
        Map<Integer, RegionView> views = new HashMap<>();
        for (IndexedEdge edge : edges) {
            String tensor = edge.edge().tensor();
            TensorBuffer buffer = Objects.requireNonNull(slot.get(tensor), () -> setup + " has no tensor " + tensor);
            Region held = Objects.requireNonNull(regions.get(tensor));
            views.put(
                    edge.index(),
                    new RegionView(
                            buffer.buffer(), tensor(tensor), held, edge.edge().region()));
        }
        return views;
    }

    /** Waits for the run in progress; later calls have no effect. */
    @Override
    public void close() {
        session.close();
        inputs.forEach(slot -> slot.values().forEach(TensorBuffer::close));
        outputs.forEach(slot -> slot.values().forEach(TensorBuffer::close));
    }

    private int slot(long sequence) {
        return (int) (sequence % setup.window());
    }

    private Map<String, TensorBuffer> buffers(Map<String, Region> regions) {
        Map<String, TensorBuffer> buffers = new LinkedHashMap<>();
        regions.forEach((name, region) -> buffers.put(name, TensorBuffer.allocate(region.of(tensor(name)))));
        return buffers;
    }

    private TensorSpec tensor(String name) {
        return Objects.requireNonNull(setup.tensors().get(name), () -> setup + " knows no tensor " + name);
    }
}
