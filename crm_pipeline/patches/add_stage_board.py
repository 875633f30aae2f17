"""Give sites that had the app before it the Kanban board of stages."""

from crm_pipeline.processes.stage_boards import make_stage_board


def execute() -> None:
	make_stage_board()
