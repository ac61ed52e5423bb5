package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A record that was decoded when it was read. */
record RecordTree(ObjectNode tree, int size, Origin origin) implements RawRecord {}
