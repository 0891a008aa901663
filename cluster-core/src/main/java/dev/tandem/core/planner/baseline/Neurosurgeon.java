package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The best single cut between the device that has the request and one other machine, all on the device and all on the
 * other included.
 *
 * <p>Neurosurgeon (Kang et al., ASPLOS 2017). Certain: one cut, chosen from predicted layer times and the size of what
 * crosses, for latency or energy. Reconstructed: the server is each other node in turn; for throughput the busiest of
 * device, link and server is made small; for energy, the latency. A device that lacks memory for its
 * part takes less. The device is the leader of the {@link Fleet}.
 */
final class Neurosurgeon implements Planner {

    private static final String NAME = "neurosurgeon";

    /** The layers before the position on the device, the others on the server. */
    private record Cut(int position, CoreGroup server, double seconds) {}

    @Override
    public PlanResult plan(PlanRequest request) {
        CutCosts positions = new CutCosts(request);
        Optional<Fleet> fleet = Fleet.of(request.maxNodes() == 1 ? request : overAll(request), Set.of());
        Optional<Cut> best = Optional.empty();
        for (CoreGroup server : fleet.map(Fleet::processors).orElse(List.of())) {
            for (int position = 0; position <= positions.end(); position++) {
                Cut cut = cut(request, positions, fleet.orElseThrow().leader(), server, position);
                if (cut.seconds() < best.map(Cut::seconds).orElse(Double.POSITIVE_INFINITY)) {
                    best = Optional.of(cut);
                }
            }
        }
        return best.map(cut -> plan(request, positions, fleet.orElseThrow().leader(), cut))
                .map(plan -> Fitting.asItIs(request, NAME, plan))
                .orElseGet(() -> new Refused(NAME + ": no cut leaves the device and another node with parts that fit in"
                        + " their memory and with links to the gateway on " + request.gatewayNode()));
    }

    /** Two nodes are enough for one cut, but any may be the second. */
    private static PlanRequest overAll(PlanRequest request) {
        int nodes = Math.max(1, request.topology().nodes().size());
        return request.with(request.scheme(), nodes, request.shards());
    }

    private static Cut cut(PlanRequest request, CutCosts positions, CoreGroup device, CoreGroup server, int position) {
        boolean isOne = device.equals(server);
        int split = isOne ? positions.end() : position;
        if (!fits(request, positions, device, 0, split) || !fits(request, positions, server, split, positions.end())) {
            return new Cut(split, server, Double.POSITIVE_INFINITY);
        }
        String first = (split == 0 ? server : device).id().node();
        String last = (split == positions.end() ? device : server).id().node();
        double[] parts = {
            transfer(request, request.gatewayNode(), first, positions.bytes(0)),
            split == 0 ? 0 : positions.computeSeconds(device, 0, split),
            first.equals(last) ? 0 : transfer(request, first, last, positions.bytes(split)),
            split == positions.end() ? 0 : positions.computeSeconds(server, split, positions.end()),
            transfer(request, last, request.gatewayNode(), positions.bytes(positions.end()))
        };
        double seconds = 0;
        for (double part : parts) {
            seconds = request.objective().isOfOneRequest() ? seconds + part : Math.max(seconds, part);
        }
        return new Cut(split, server, seconds);
    }

    private static boolean fits(PlanRequest request, CutCosts positions, CoreGroup group, int from, int to) {
        return from == to
                || positions.memoryBytes(from, to)
                        <= request.topology()
                                .node(group.id().node())
                                .orElseThrow()
                                .memoryBytes();
    }

    private static double transfer(PlanRequest request, String from, String to, long bytes) {
        return request.objective().isOfOneRequest()
                ? request.cost().transferSeconds(from, to, bytes)
                : request.cost().linkSeconds(from, to, bytes);
    }

    private static Plan plan(PlanRequest request, CutCosts positions, CoreGroup device, Cut cut) {
        StageChain chain = new StageChain(request.graph());
        if (cut.position() > 0) {
            chain.whole(positions.segment(0, cut.position()), device);
        }
        if (cut.position() < positions.end()) {
            chain.whole(positions.segment(cut.position(), positions.end()), cut.server());
        }
        return Draft.plan(request, NAME, chain.stages());
    }
}
