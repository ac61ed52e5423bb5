/**
 * Where arrays live on a mesh of devices.
 *
 * <p>A {@link dev.hlotune.sharding.Mesh} is a grid of devices with named axes; {@link
 * dev.hlotune.sharding.AxisRules} say which of them split which axes of arrays, by the names that
 * the model gave its axes. Rules make a {@link dev.hlotune.sharding.Placement} of a shape and a
 * {@link dev.hlotune.sharding.ProgramPlacement} of a program, which are plain values: no device is
 * needed to make or print them. What they say is checked there: a mesh axis that is used twice or
 * does not divide a dimension never reaches a compiler.
 *
 * <p>A {@link dev.hlotune.sharding.DeviceMesh} puts devices in the places of a mesh. To run a
 * program on it, emit the program with {@link dev.hlotune.sharding.ProgramPlacement#partitioning},
 * compile the text with {@link dev.hlotune.sharding.DeviceMesh#compileOptions}, and wrap both in a
 * {@link dev.hlotune.sharding.ShardedProgram}, which takes and gives {@link
 * dev.hlotune.sharding.ShardedBuffer}s: whole arrays, scattered from the host and gathered again.
 * The program says what is computed on whole arrays; Shardy partitions it and puts in the
 * communication. One device is a mesh without axes, and takes the same way.
 *
 * <p>Axes split dimensions into blocks in the mesh's own order: of a dimension split over {@code
 * [data, fsdp]}, the device at {@code (d, f)} holds block {@code d · size(fsdp) + f}.
 */
@NullMarked
package dev.hlotune.sharding;

import org.jspecify.annotations.NullMarked;
