package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.core.variant.Shares;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Every variant of a family served whole on every node of a bed, each by a gateway of its own, so that a batch can be shared
 * in any way. Owns the seats of the gateways; for the client's place of the bed.
 */
final class ServedVariants implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** Of no matter where the whole model goes to a given node. */
    private static final double LINK_BYTES_PER_SECOND = 1e8;

    private final Map<Place, ServedModel> served = new LinkedHashMap<>();
    private final List<ClusterSeat> seats = new ArrayList<>();

    /** A variant on a node. */
    record Place(String node, String variant) {

        static Place of(Shares.Lane lane) {
            return new Place(lane.place(), lane.variant());
        }
    }

    private ServedVariants() {}

    /**
     * Returns when all of them are served; shares of CPUs are lifted meanwhile.
     *
     * @param seat tells of the nodes
     * @param scratch what is folded goes there
     */
    static ServedVariants on(Testbed bed, ClusterSeat seat, MobileNetFamily family, Path scratch)
            throws TimeoutException, InterruptedException {
        List<NodeReport> nodes =
                seat.session().awaitNodes(bed.nodes().size(), DEADLINE).nodes();
        ServedVariants all = new ServedVariants();
        bed.liftShares();
        try {
            for (String variant : MobileNetFamily.VARIANTS) {
                OfferedModel model = OfferedModel.measure(family.fold(variant, scratch));
                for (NodeReport node : nodes) {
                    all.serve(bed, new Place(node.node().id(), variant), node.node(), model);
                }
            }
            return all;
        } catch (RuntimeException | TimeoutException | InterruptedException e) {
            all.close();
            throw e;
        } finally {
            bed.holdToShares();
        }
    }

    private void serve(Testbed bed, Place place, Node node, OfferedModel model)
            throws TimeoutException, InterruptedException {
        ClusterSeat seat = ClusterSeat.remote(bed.clusterFile());
        seats.add(seat);
        seat.session().awaitNodes(bed.nodes().size(), DEADLINE);
        Plan plan = whole(model, node, seat.session().name());
        served.put(place, ServedModel.deploy(seat, model, DeployOrder.exactly(plan)));
    }

    /** The whole model on a node; what it is predicted to do is of no matter. */
    private static Plan whole(OfferedModel model, Node node, String gateway) {
        Topology topology = new Topology(
                List.of(node),
                List.of(
                        new Link(gateway, node.id(), LINK_BYTES_PER_SECOND, 0),
                        new Link(node.id(), gateway, LINK_BYTES_PER_SECOND, 0)));
        CostModel cost = new CostModel(
                model.graph(),
                model.profile().profile(),
                model.profile().multiplyAddsPerSecond(),
                Map.of(),
                topology,
                RuntimeCosts.NONE);
        PlanResult result = new SinglePlanner()
                .plan(new PlanRequest(
                        model.graph(), topology, cost, Objective.THROUGHPUT, Scheme.SINGLE, 1, 1, gateway));
        if (result instanceof PlanResult.Planned planned) {
            return planned.plan();
        }
        throw new IllegalStateException("node " + node.id() + " cannot have "
                + model.graph().name() + ": " + ((PlanResult.Refused) result).reason());
    }

    /** Who serves it there. */
    ServedModel at(Place place) {
        ServedModel model = served.get(place);
        if (model == null) {
            throw new IllegalArgumentException("nothing serves " + place + "; there are " + served.keySet() + ".");
        }
        return model;
    }

    List<String> nodes() {
        return served.keySet().stream().map(Place::node).distinct().toList();
    }

    @Override
    public void close() {
        seats.forEach(ClusterSeat::close);
    }
}
