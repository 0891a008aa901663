package dev.tandem.inference.graph;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.region.Axis;
import java.util.EnumMap;
import java.util.Map;

/** How an operator's outputs depend on its inputs along each axis. */
final class Geometries {

    private Geometries() {}

    static Map<Axis, AxisGeometry> of(LayerShapes layer) {
        Map<Axis, AxisGeometry> geometries = new EnumMap<>(Axis.class);
        geometries.put(Axis.BATCH, BatchGeometries.of(layer));
        geometries.put(Axis.CHANNELS, ChannelGeometries.of(layer));
        geometries.put(Axis.ROWS, SpatialGeometries.of(layer, Axis.ROWS));
        geometries.put(Axis.COLUMNS, SpatialGeometries.of(layer, Axis.COLUMNS));
        return geometries;
    }
}
