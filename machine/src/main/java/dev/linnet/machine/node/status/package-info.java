/** What has become of containers, and how that reads as a Pod's status. */
@NullMarked
package dev.linnet.machine.node.status;

import org.jspecify.annotations.NullMarked;
