/** Services whose traffic passes through gateways inside the cluster: what becomes of them, and how they are given back. */
@NullMarked
package dev.linnet.manifests.mesh;

import org.jspecify.annotations.NullMarked;
