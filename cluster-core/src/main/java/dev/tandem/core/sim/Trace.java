package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a listener, if there is one, what each core group and link does. */
final class Trace {

    private final Layout layout;
    private final LaneStates lanes;
    private final @Nullable Consumer<Span> listener;

    Trace(Layout layout, LaneStates lanes, @Nullable Consumer<Span> listener) {
        this.layout = layout;
        this.lanes = lanes;
        this.listener = listener;
    }

    void computed(Port port, int sequence, double begin, double end) {
        if (listener != null) {
            listener.accept(new Span(
                    ResourceKind.CORE_GROUP,
                    layout.coreGroups().get(port.coreGroup()).toString(),
                    lanes.request(port.lane(), sequence),
                    port.lane(),
                    port.endpoint().toString(),
                    begin,
                    end));
        }
    }

    void transferred(Hop hop, int sequence, double begin, double end) {
        if (listener != null) {
            Port producer = layout.ports().get(hop.producer());
            Port consumer = layout.ports().get(hop.consumer());
            listener.accept(new Span(
                    ResourceKind.LINK,
                    layout.links().get(hop.link()).toString(),
                    lanes.request(producer.lane(), sequence),
                    producer.lane(),
                    producer.endpoint() + " -> " + consumer.endpoint(),
                    begin,
                    end));
        }
    }
}
