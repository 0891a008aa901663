package dev.tandem.inference.graph;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.region.Axis;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How an operator's outputs depend on its inputs along each axis. */
final class Geometries {

    /** Operators of the runtime's own that are what they are called, of feature maps with channels in front. */
    private static final Set<String> FOREIGN = Set.of(
            "DequantizeLinear",
            "Gelu",
            "QLinearAdd",
            "QLinearGlobalAveragePool",
            "QLinearLeakyRelu",
            "QLinearMul",
            "QLinearSigmoid",
            "QuantizeLinear",
            "QuickGelu");

    private Geometries() {}

    static Map<Axis, AxisGeometry> of(LayerShapes layer) {
        Map<Axis, AxisGeometry> geometries = new EnumMap<>(Axis.class);
        Optional<AxisGeometry> unread = unread(layer);
        geometries.put(Axis.BATCH, unread.orElseGet(() -> BatchGeometries.of(layer)));
        geometries.put(Axis.CHANNELS, unread.orElseGet(() -> ChannelGeometries.of(layer)));
        geometries.put(Axis.ROWS, unread.orElseGet(() -> SpatialGeometries.of(layer, Axis.ROWS)));
        geometries.put(Axis.COLUMNS, unread.orElseGet(() -> SpatialGeometries.of(layer, Axis.COLUMNS)));
        return geometries;
    }

    /** Why the operator's name and axes would say something else than what it does, if so. */
    private static Optional<AxisGeometry> unread(LayerShapes layer) {
        String operator = layer.operator();
        String domain = GraphTensors.canonicalDomain(layer.node().getDomain());
        if (!domain.isEmpty() && !FOREIGN.contains(operator)) {
            return Optional.of(
                    SpatialGeometries.whole("operator " + operator + " of domain " + domain + " is not known"));
        }
        return layer.attributes().integer("channels_last", 0) == 0
                ? Optional.empty()
                : Optional.of(SpatialGeometries.whole(operator + " has channels at the end"));
    }
}
