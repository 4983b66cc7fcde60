/** Leads Services that have opted in to gateways inside the cluster, and gives them back. */
@NullMarked
package dev.linnet.controller.mesh;

import org.jspecify.annotations.NullMarked;
