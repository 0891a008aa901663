package dev.tandem.actors.protocol;

import dev.tandem.actors.transport.PieceSource;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A model that its owner offers to the cluster.
 *
 * @param graphJson the model graph, as written by {@link dev.tandem.inference.graph.GraphJson}
 * @param profile measured times per layer, on the offering process's reference core group
 * @param source serves the model's pieces
 */
public record ModelOffer(
        ModelManifest manifest, String graphJson, ReferenceProfile profile, ActorRef<PieceSource.Command> source) {}
