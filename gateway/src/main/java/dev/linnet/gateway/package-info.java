/** The data plane: serves HTTP by the route table. Start reading at Gateway. */
@NullMarked
package dev.linnet.gateway;

import org.jspecify.annotations.NullMarked;
