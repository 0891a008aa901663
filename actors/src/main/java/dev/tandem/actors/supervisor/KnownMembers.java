package dev.tandem.actors.supervisor;

/** Who is there and how well they reach each other. Used by the supervisor's thread only. */
record KnownMembers(KnownNodes nodes, KnownGateways gateways, KnownLinks links) {

    KnownMembers() {
        this(new KnownNodes(), new KnownGateways(), new KnownLinks());
    }
}
