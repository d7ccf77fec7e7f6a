"""What people say of how they were served, asked by somebody who did not serve them: the Front's own sample."""
