/**
 * Several processes, on one host or many, that train one model together.
 *
 * <p>How many there are, which of them this one is, and where they meet is a {@link
 * dev.hlotune.sharding.hosts.Launch}, given by hand, or found in the environment by {@link
 * dev.hlotune.sharding.hosts.LaunchDetection}: by what Slurm, Kubernetes, Open MPI, or GKE for TPUs
 * tell the processes that they start. The result is a {@link
 * dev.hlotune.sharding.hosts.ProcessPlace}.
 *
 * <p>With that, {@link dev.hlotune.sharding.hosts.ProcessGroup#join} brings the processes together.
 * Process 0 is the coordinator: it answers the others at one address, and keeps what they share in
 * memory ({@link dev.hlotune.sharding.hosts.Coordinator}). The group has a {@link
 * dev.hlotune.pjrt.KeyValueStore}, which the plugins of all processes find one another by, and
 * barriers, each with a time-out that names the processes which never came. Nothing but such small
 * things goes through it: arrays go from device to device.
 *
 * <p>What a plugin has to be told of the processes is a matter of the plugin, see {@link
 * dev.hlotune.sharding.hosts.PluginProcesses}. Failures are {@link dev.hlotune.pjrt.PjrtException}s
 * with the codes that a plugin knows too.
 */
@NullMarked
package dev.hlotune.sharding.hosts;

import org.jspecify.annotations.NullMarked;
