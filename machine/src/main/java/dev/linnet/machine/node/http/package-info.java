/** Where the node agent listens for the API server, and who is let in. */
@NullMarked
package dev.linnet.machine.node.http;

import org.jspecify.annotations.NullMarked;
