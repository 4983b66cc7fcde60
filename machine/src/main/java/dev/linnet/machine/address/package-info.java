/** Which loopback addresses and ports a cluster may use. */
@NullMarked
package dev.linnet.machine.address;

import org.jspecify.annotations.NullMarked;
