package dev.tandem.deploy.cli;

/** What commands say of the ways of dividing, in one place. */
final class SchemeWords {

    /** All of them, without a default. */
    static final String SCHEMES =
            "auto, single, pipeline (N stages on N nodes), rows (shares of the image), grid (tiles of it), channels, batch,"
                    + " branches (parallel branches side by side), hybrid (pipeline and rows, over single core groups) or lanes"
                    + " (several ways through the model that share the requests).";

    static final String SHARDS =
            "Shares of each divided stage, for the schemes rows, grid, channels and batch; core groups for branches. Default:"
                    + " one per node.";

    private SchemeWords() {}
}
