/** Makes Services reachable at their ClusterIPs and NodePorts. Start reading at ServiceProxy. */
@NullMarked
package dev.linnet.machine.proxy;

import org.jspecify.annotations.NullMarked;
