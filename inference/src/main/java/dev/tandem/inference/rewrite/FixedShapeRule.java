package dev.tandem.inference.rewrite;

/** Operators whose constants name the height of the whole tensor. */
final class FixedShapeRule implements RowRule {

    @Override
    public void rewrite(LayerSite site) {
        throw site.refusal("is given a shape for all rows at once");
    }
}
