package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.Tensor;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/** An epoch as a gateway sees it: the model's inputs and the lanes to which requests are dealt by weight. */
final class GatewayEpoch {

    private final GatewayMessages.Activate activation;
    private final List<LanePort> lanes;

    GatewayEpoch(GatewayMessages.Activate activation, int frameBytes) {
        this.activation = activation;
        this.lanes = IntStream.range(0, activation.plan().lanes().size())
                .mapToObj(lane -> new LanePort(activation, lane, frameBytes))
                .toList();
    }

    long number() {
        return activation.epoch();
    }

    ActorRef<GatewayMessages.Reply> supervisor() {
        return activation.replyTo();
    }

    LanePort lane(int index) {
        return lanes.get(index);
    }

    List<LanePort> lanes() {
        return lanes;
    }

    int inFlight() {
        return lanes.stream().mapToInt(LanePort::inFlight).sum();
    }

    /** The lane that is furthest behind its share of the requests, among those that have room. */
    Optional<LanePort> laneForNext() {
        return lanes.stream()
                .filter(LanePort::hasRoom)
                .min(Comparator.comparingDouble(lane -> (lane.taken() + 1) / lane.weight()));
    }

    List<PendingRequest> unanswered() {
        List<PendingRequest> all = new ArrayList<>();
        lanes.forEach(lane -> all.addAll(lane.unanswered()));
        return all;
    }

    /** What is wrong with a request's tensors, if anything. */
    Optional<String> refusal(List<Tensor> given) {
        Map<String, TensorSpec> byName = given.stream()
                .map(Tensor::spec)
                .collect(Collectors.toMap(TensorSpec::name, spec -> spec, (first, second) -> second));
        for (TensorSpec expected : activation.inputs()) {
            TensorSpec actual = byName.get(expected.name());
            if (actual == null) {
                return Optional.of(
                        "input '" + expected.name() + "' is missing; the model takes " + activation.inputs());
            }
            if (!actual.equals(expected)) {
                return Optional.of("input '" + expected.name() + "' is " + actual.type() + actual.shape()
                        + " but must be " + expected.type() + expected.shape());
            }
        }
        return byName.size() == activation.inputs().size()
                ? Optional.empty()
                : Optional.of("inputs " + byName.keySet() + " must be just the model's: " + activation.inputs());
    }
}
