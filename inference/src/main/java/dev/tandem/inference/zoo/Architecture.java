package dev.tandem.inference.zoo;

/** Adds the layers of one architecture to a graph. Implementations are stateless. */
@FunctionalInterface
interface Architecture {

    /** Returns the logits, shape [batch, classes], for an image batch of shape [batch, 3, height, width]. */
    Value build(GraphBuilder graph, Value image);
}
